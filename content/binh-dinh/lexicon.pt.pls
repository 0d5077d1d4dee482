<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="pt">
  <lexeme>
    <grapheme>Vijaya</grapheme>
    <phoneme>viˈdʒajɐ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Champa</grapheme>
    <phoneme>ˈtʃɐ̃pɐ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>cham</grapheme>
    <phoneme>ˈtʃɐ̃</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Quy Nhơn</grapheme>
    <phoneme>kwi ˈɲɔ̃</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Hàn Mặc Tử</grapheme>
    <phoneme>ɐ̃ mak ˈtu</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Nguyễn</grapheme>
    <phoneme>ɡwiˈjẽ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Ghềnh Ráng</grapheme>
    <phoneme>ɡẽ ˈʁɐ̃</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Harivarman</grapheme>
    <phoneme>aɾivaɾˈmɐ̃</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Shiva</grapheme>
    <phoneme>ˈʃivɐ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Guimet</grapheme>
    <phoneme>ɡiˈmɛ</phoneme>
  </lexeme>
</lexicon>
