package number

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// foreign returns why a word of another script behind a number makes it no
// plain number, or nil. What this reader cannot tell from "not" or "or" is no
// unit: of the scripts without spaces it knows counters and units, and of
// those that it does not know at all it takes nothing.
func foreign(w string) error {
	if mixedScripts(w) {
		return ErrExpression
	}
	r, _ := utf8.DecodeRuneInString(w)
	switch {
	case unicode.In(r, unicode.Latin, unicode.Common):
		return nil
	case unicode.Is(unicode.Cyrillic, r):
		if cyrillicNumber(w) {
			return ErrMany
		}
		return nil
	case unicode.Is(unicode.Greek, r):
		if r == 'μ' || w == "ω" || w == "Ω" {
			return nil
		}
		return ErrExpression
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		if counter(w) {
			return nil
		}
	}
	return ErrWords
}

// mixedScripts reports whether a word mixes letters that look alike.
func mixedScripts(w string) bool {
	latin, other := false, false
	for i, c := range w {
		switch {
		case c < 0x80:
			latin = latin || c != '\\'
		case unicode.Is(unicode.Cyrillic, c), unicode.Is(unicode.Greek, c) && !(c == 'μ' && i == 0) && c != 'ω' && c != 'Ω':
			other = true
		}
	}
	return latin && other
}

func cyrillicNumber(w string) bool {
	switch w {
	case "ноль", "один", "одна", "одно", "два", "две", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
		"сорок", "девяносто", "сто", "двести", "триста", "минус", "плюс", "половина", "половиной", "треть", "четверть":
		return true
	}
	return strings.HasSuffix(w, "дцать") || strings.HasSuffix(w, "десят") || strings.HasSuffix(w, "сот")
}

// counter reports whether a word begins with a unit, a currency or a counter
// of Chinese, Japanese or Korean, and goes on as the name of what is counted.
func counter(w string) bool {
	for _, hangul := range [...]string{"킬로미터", "센티미터", "밀리미터", "킬로그램", "미터", "그램", "달러", "유로", "시간", "마리", "원", "개", "명", "살", "년", "월", "일", "분", "초", "권", "장", "대", "번"} {
		if rest, ok := strings.CutPrefix(w, hangul); ok {
			return rest == "" || rest == "입니다"
		}
	}
	if w == "つ" {
		return true
	}
	for _, unit := range [...]string{
		"千克", "千米", "千瓦", "千卡", "平方", "立方", "公里", "公斤", "公顷", "公尺", "厘米", "毫米", "毫升", "小时", "小時", "时", "時", "分", "秒", "天", "日", "月", "年", "周", "週",
		"元", "円", "圆", "圓", "块", "塊", "美元", "欧元", "歐元", "英镑", "人民币", "ドル", "ユーロ", "メートル", "キロ", "センチ", "グラム", "リットル",
		"个", "個", "人", "名", "位", "只", "隻", "头", "頭", "匹", "条", "條", "本", "枚", "张", "張", "台", "辆", "輛", "棵", "朵", "瓶", "杯", "盒", "袋", "包", "件", "双", "雙", "对", "對", "组", "組",
		"岁", "歲", "歳", "才", "米", "克", "吨", "升", "度", "次", "回", "页", "頁", "种", "種", "斤", "里", "尺", "支", "颗", "顆", "根", "把",
	} {
		if rest, ok := strings.CutPrefix(w, unit); ok {
			return !strings.ContainsFunc(rest, unclearHan)
		}
	}
	return false
}

// unclearHan reports whether a character may deny, bound, repeat or multiply.
func unclearHan(r rune) bool {
	return unicode.Is(unicode.Hiragana, r) || strings.ContainsRune("不没沒非或无無未否别別至到和与與及又并並倍多余餘几幾数數以上下超过過约約内外一二三四五六七八九〇零两兩十百千万萬亿億半第", r)
}

// deniesHan reports whether a name in Chinese or Japanese takes the number back.
func deniesHan(w string) bool {
	return strings.ContainsAny(w, "不没沒非無无未否别別") || strings.Contains(w, "ない")
}

// roman reports whether a word as it is written may be a Roman numeral.
func roman(w string) bool {
	return len(w) > 1 && strings.Trim(w, "IVXLCDM") == ""
}
