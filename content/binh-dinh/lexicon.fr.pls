<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="fr">
  <lexeme>
    <grapheme>Vijaya</grapheme>
    <phoneme>vidʒaja</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Champa</grapheme>
    <phoneme>tʃampa</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>cham</grapheme>
    <phoneme>tʃam</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Quy Nhơn</grapheme>
    <phoneme>kwi ɲɔn</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Quy Hòa</grapheme>
    <phoneme>kwi wa</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Hàn Mặc Tử</grapheme>
    <phoneme>an mak tu</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Nguyễn</grapheme>
    <phoneme>ɡɥijɛn</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Ghềnh Ráng</grapheme>
    <phoneme>ɡɛɲ ʁaŋ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>bánh ít</grapheme>
    <phoneme>baɲ it</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Harivarman</grapheme>
    <phoneme>aʁivaʁman</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Shiva</grapheme>
    <phoneme>ʃiva</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Angkor</grapheme>
    <phoneme>ɑ̃ŋkɔʁ</phoneme>
  </lexeme>
</lexicon>
