package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The charts' drawing area, in units of their SVG.
const (
	chartWidth  = 520.0
	chartHeight = 220.0
	marginLeft  = 46.0
	marginRight = 26.0
	marginTop   = 14.0
	marginBase  = 34.0
	plotWidth   = chartWidth - marginLeft - marginRight
	plotHeight  = chartHeight - marginTop - marginBase
)

// A tick is a mark on an axis.
type tick struct {
	At   float64
	Text string
}

// A column is a bar of a histogram.
type column struct {
	X, Y, W, H float64
	From, To   string
	Low, High  float64
	Count      int
	Last       bool
}

type histogram struct {
	Columns []column
	X, Y    []tick
	Total   int
}

func histogramOf(bins []Bin) histogram {
	h := histogram{}
	most := 0
	for _, b := range bins {
		most = max(most, b.Count)
		h.Total += b.Count
	}
	if most == 0 {
		return histogram{}
	}
	top := niceCeil(float64(most))
	width := plotWidth / float64(len(bins))
	for i, b := range bins {
		height := plotHeight * float64(b.Count) / top
		if b.Count > 0 {
			height = max(height, 1)
		}
		h.Columns = append(h.Columns, column{
			X: marginLeft + float64(i)*width + 1, W: max(width-2, 1), Y: marginTop + plotHeight - height, H: height,
			From: number(b.From), To: number(b.To), Low: b.From, High: b.To, Count: b.Count, Last: i == len(bins)-1,
		})
		h.X = append(h.X, tick{marginLeft + float64(i)*width, number(b.From)})
	}
	h.X = append(h.X, tick{marginLeft + plotWidth, number(bins[len(bins)-1].To)})
	h.Y = countTicks(top)
	return h
}

func countTicks(top float64) []tick {
	var out []tick
	for i := range 5 {
		v := top * float64(i) / 4
		if v != math.Trunc(v) {
			continue
		}
		out = append(out, tick{marginTop + plotHeight*(1-float64(i)/4), number(v)})
	}
	return out
}

// niceCeil returns a round number that is not less.
func niceCeil(x float64) float64 {
	if x <= 4 {
		return 4
	}
	unit := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10} {
		if m*unit >= x {
			return m * unit
		}
	}
	return 10 * unit
}

// latencyOf counts seconds in bins that grow by a factor.
func latencyOf(seconds []float64) histogram {
	if len(seconds) == 0 {
		return histogram{}
	}
	least, most := math.Inf(1), 0.0
	for _, s := range seconds {
		s = max(s, 1e-7)
		least, most = min(least, s), max(most, s)
	}
	const bins = 20
	from, to := math.Floor(math.Log10(least)*2)/2, math.Ceil(math.Log10(most)*2)/2
	if to <= from {
		to = from + 0.5
	}
	step := (to - from) / bins
	counts := make([]Bin, bins)
	for i := range counts {
		counts[i].From, counts[i].To = math.Pow(10, from+float64(i)*step), math.Pow(10, from+float64(i+1)*step)
	}
	for _, s := range seconds {
		i := int((math.Log10(max(s, 1e-7)) - from) / step)
		counts[max(0, min(i, bins-1))].Count++
	}
	h := histogramOf(counts)
	for i := range h.Columns {
		h.Columns[i].From, h.Columns[i].To = Duration(counts[i].From), Duration(counts[i].To)
	}
	h.X = nil
	for i := 0; i <= bins; i += bins / 5 {
		h.X = append(h.X, tick{marginLeft + plotWidth*float64(i)/bins, Duration(math.Pow(10, from+float64(i)*step))})
	}
	return h
}

// Duration writes seconds with three digits and the unit that suits them.
func Duration(s float64) string {
	for _, unit := range []struct {
		least float64
		name  string
	}{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}} {
		if s >= unit.least*0.9995 {
			return strconv.FormatFloat(s/unit.least, 'g', 3, 64) + " " + unit.name
		}
	}
	return strconv.FormatFloat(s*1e9, 'g', 3, 64) + " ns"
}

type metricBar struct {
	MetricFigures
	Width float64 // of 100
	Scale string  // what the whole width stands for
}

// metricBars draws a mean as a share of 1, or of the greatest where that is more.
func metricBars(ms []MetricFigures) []metricBar {
	var out []metricBar
	for _, m := range ms {
		whole := max(1, math.Abs(m.Max), math.Abs(m.Min))
		m.Outside = m.Mean < 0
		width := 100 * math.Abs(m.Mean) / whole
		if math.IsNaN(width) || math.IsInf(width, 0) {
			width = 0
		}
		out = append(out, metricBar{m, math.Round(width*100) / 100, number(whole)})
	}
	return out
}

// A strip shows groups side by side, in the order of their means.
type strip struct {
	Bars   []stripBar
	Y      []tick
	Groups int
	PerBar string // how many groups a bar stands for
	Flat   int
}

type stripBar struct {
	X, W, Top, H, Mean float64
	Flat               bool
	Title              string
}

// stripBars is how many bars a strip has at most.
const stripBars = 230

// flatHeight is that of a bar of groups without variance, which has no length.
const flatHeight = 7.0

func stripOf(groups []Group, least, greatest float64) strip {
	if len(groups) == 0 {
		return strip{}
	}
	groups = slices.Clone(groups)
	slices.SortStableFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.Mean, b.Mean), cmp.Compare(a.Least, b.Least), cmp.Compare(a.Greatest, b.Greatest))
	})
	s := strip{Groups: len(groups), Y: rewardTicks(least, greatest)}
	n := min(len(groups), stripBars)
	width := plotWidth / float64(n)
	for i := range n {
		part := groups[i*len(groups)/n : (i+1)*len(groups)/n]
		var low, mean, high float64
		flat := 0
		for _, g := range part {
			low, mean, high = low+g.Least, mean+g.Mean, high+g.Greatest
			if g.Least == g.Greatest {
				flat++
			}
		}
		s.Flat += flat
		k := float64(len(part))
		low, mean, high = low/k, mean/k, high/k
		top, base := rewardAt(high, least, greatest), rewardAt(low, least, greatest)
		title := fmt.Sprintf("mean %s, from %s to %s", number(mean), number(low), number(high))
		if len(part) > 1 {
			title = fmt.Sprintf("%d groups: mean %s, on average from %s to %s, %d without variance", len(part), number(mean), number(low), number(high), flat)
		}
		gap := min(1, width/4)
		bar := stripBar{
			X: marginLeft + float64(i)*width + gap/2, W: width - gap, Top: top, H: max(base-top, 1.5), Mean: rewardAt(mean, least, greatest) - 0.75,
			Flat: flat == len(part), Title: title,
		}
		if bar.Flat {
			bar.Top, bar.H = bar.Top-flatHeight/2, flatHeight
		}
		s.Bars = append(s.Bars, bar)
	}
	s.PerBar = "one group"
	if per := float64(len(groups)) / float64(n); per > 1 {
		s.PerBar = number(math.Round(per*10)/10) + " groups"
	}
	return s
}

// rewardAt returns the height of a reward.
func rewardAt(x, least, greatest float64) float64 {
	if !(least < greatest) {
		return marginTop + plotHeight/2
	}
	return marginTop + plotHeight*(1-max(0, min((x-least)/(greatest-least), 1)))
}

func rewardTicks(least, greatest float64) []tick {
	if !(least < greatest) {
		return []tick{{rewardAt(least, least, greatest), number(least)}}
	}
	var out []tick
	for i := range 5 {
		v := least + (greatest-least)*float64(i)/4
		out = append(out, tick{rewardAt(v, least, greatest), number(v)})
	}
	return out
}

// A scatter shows two figures of many rollouts by circles, whose areas are the numbers
// of rollouts.
type scatter struct {
	Dots []dot
	X, Y []tick
	N    int
}

type dot struct {
	X, Y, R float64
	Title   string
}

const (
	scatterColumns = 44
	scatterRows    = 20
)

func scatterOf(lengths, scores []float64, least, greatest float64) scatter {
	if len(lengths) == 0 {
		return scatter{}
	}
	longest := max(slices.Max(lengths), 1)
	far := niceCeil(longest)
	cells := map[[2]int]int{}
	most := 0
	for i, l := range lengths {
		x := min(int(l/far*scatterColumns), scatterColumns-1)
		y := scatterRows / 2
		if least < greatest {
			y = int(math.Round(max(0, min((scores[i]-least)/(greatest-least), 1)) * scatterRows))
		}
		at := [2]int{x, y}
		cells[at]++
		most = max(most, cells[at])
	}
	s := scatter{N: len(lengths), Y: rewardTicks(least, greatest)}
	for y := 0; y <= scatterRows; y++ {
		for x := range scatterColumns {
			n := cells[[2]int{x, y}]
			if n == 0 {
				continue
			}
			reward := least + (greatest-least)*float64(y)/scatterRows
			s.Dots = append(s.Dots, dot{
				X: marginLeft + plotWidth*(float64(x)+0.5)/scatterColumns, Y: rewardAt(reward, least, greatest),
				R:     1.5 + 9*math.Sqrt(float64(n)/float64(most)),
				Title: fmt.Sprintf("%d of about reward %s, %s to %s characters", n, number(reward), number(math.Round(far*float64(x)/scatterColumns)), number(math.Round(far*float64(x+1)/scatterColumns))),
			})
		}
	}
	for i := range 5 {
		s.X = append(s.X, tick{marginLeft + plotWidth*float64(i)/4, number(math.Round(far * float64(i) / 4))})
	}
	return s
}

// number writes up to four decimals.
func number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	if a := math.Abs(x); a != 0 && (a < 1e-4 || a >= 1e9) {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	s := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', 4, 64), "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}
