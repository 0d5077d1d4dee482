<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en">
  <lexeme>
    <grapheme>Vijaya</grapheme>
    <phoneme>ˈvɪdʒəjə</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Champa</grapheme>
    <phoneme>ˈtʃɑmpə</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Cham</grapheme>
    <phoneme>ˈtʃɑm</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Quy Nhơn</grapheme>
    <phoneme>kwi ˈnjʌn</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Quy Hòa</grapheme>
    <phoneme>kwi ˈhwɑ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Hàn Mặc Tử</grapheme>
    <phoneme>ˌhɑn mɑk ˈtu</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Nguyễn</grapheme>
    <phoneme>ˈwɪn</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Ghềnh Ráng</grapheme>
    <phoneme>ɡeɪn ˈɹɑŋ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Quốc ngữ</grapheme>
    <phoneme>ˌkwʊk ˈnu</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>bài chòi</grapheme>
    <phoneme>baɪ ˈtʃɔɪ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>hát bội</grapheme>
    <phoneme>hɑt ˈbɔɪ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Harivarman</grapheme>
    <phoneme>ˌhɑɹɪˈvɑɹmən</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Garuda</grapheme>
    <phoneme>ɡəˈɹudə</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Garudas</grapheme>
    <phoneme>ɡəˈɹudəz</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Gajasimha</grapheme>
    <phoneme>ˌɡɑdʒəˈsɪmhə</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Hanuman</grapheme>
    <phoneme>ˈhɑnʊmɑn</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Kala</grapheme>
    <phoneme>ˈkɑlə</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Naga</grapheme>
    <phoneme>ˈnɑɡə</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Linga</grapheme>
    <phoneme>ˈlɪŋɡə</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Yoni</grapheme>
    <phoneme>ˈjoʊni</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Shiva</grapheme>
    <phoneme>ˈʃivə</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Guimet</grapheme>
    <phoneme>ɡiˈmeɪ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Cuénot</grapheme>
    <phoneme>kweɪˈnoʊ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Maria duce</grapheme>
    <phoneme>məˈɹiə ˈdutʃeɪ</phoneme>
  </lexeme>
</lexicon>
