package verdict

// A cell is the tokens of one cell of a table.
type cell struct{ from, to int }

// tables reads the tables of Markdown: the row whose first cell names a total,
// or the one row below a column of scores. Rows of criteria have no say.
func (p *labels) tables() {
	for i := 0; i < len(p.t); i++ {
		if i > 0 && p.t[i-1].kind != newline {
			continue
		}
		header, next := p.row(i)
		if len(header) == 0 {
			continue
		}
		rule, body := p.row(next)
		if len(rule) == 0 || !p.isRule(rule) {
			continue
		}
		column := -1
		for c, x := range header {
			if p.scoreColumn(x) {
				if column >= 0 {
					column = -2 // a column for each candidate
					break
				}
				column = c
			}
		}
		rows, only := 0, cell{}
		for {
			row, after := p.row(body)
			if len(row) == 0 {
				break
			}
			body = after
			rows++
			if column < 0 || column >= len(row) {
				continue
			}
			only = row[column]
			if column > 0 && p.totalCell(row[0]) {
				p.cellValue(row[column], true)
				rows = 1 << 30
			}
		}
		if rows == 1 && column >= 0 && len(header) <= 2 && only.to > only.from {
			if column == 0 || p.plainFirst(header) {
				p.cellValue(only, false)
			}
		}
		i = max(i, body-1)
	}
}

// plainFirst reports whether the first column names nothing that has several
// scores.
func (p *labels) plainFirst(header []cell) bool {
	x := header[0]
	if x.to-x.from != 1 {
		return x.to == x.from
	}
	switch p.t[x.from].text {
	case "item", "response", "answer", "reasoning", "explanation", "feedback", "comment", "justification", "rationale", "verdict":
		return true
	}
	return false
}

// row splits the line at token i into cells. It returns none where the line is
// no row, and where the next line begins.
func (p *labels) row(i int) (cells []cell, next int) {
	if !p.isSign(i, '|') {
		return nil, i
	}
	from := i + 1
	for i++; p.at(i).kind != newline && p.at(i).kind != end; i++ {
		if p.isSign(i, '|') {
			cells = append(cells, cell{from, i})
			from = i + 1
		}
	}
	if from < i {
		cells = append(cells, cell{from, i})
	}
	if p.at(i).kind == newline {
		i++
	}
	return cells, i
}

func (p *labels) isRule(cells []cell) bool {
	for _, x := range cells {
		for k := x.from; k < x.to; k++ {
			if t := p.t[k]; t.kind != sign || t.sign != '-' && t.sign != ':' && t.sign != '–' && t.sign != '—' {
				return false
			}
		}
	}
	return true
}

// scoreColumn reports whether a header says that scores stand below it.
func (p *labels) scoreColumn(x cell) bool {
	for k := x.from; k < x.to; k++ {
		t := p.t[k]
		if t.kind == sign && (t.sign == '(' || t.sign == '[' || t.sign == '/') {
			return k > x.from
		}
		if t.kind != word {
			return false
		}
		switch t.text {
		case "score", "rating", "grade", "points", "final", "overall", "total", "marks":
		default:
			return false
		}
	}
	return x.to > x.from
}

func (p *labels) totalCell(x cell) bool {
	total := false
	for k := x.from; k < x.to; k++ {
		switch p.t[k].text {
		case "final", "overall", "total":
			total = true
		case "score", "rating", "grade", "":
		default:
			return false
		}
	}
	return total
}

// cellValue takes the value of a cell for a verdict.
func (p *labels) cellValue(x cell, final bool) {
	if x.from == x.to {
		return
	}
	r, ok := p.value(x.from, free)
	if !ok {
		p.refuse(x.from, final, Unusable)
		return
	}
	if r.next != x.to && !p.isSign(r.next, '(') && r.err == nil {
		r.err = Unusable
	}
	if r.err == nil && r.bare && p.otherScale {
		r.err = OtherScale
	}
	p.all = append(p.all, evidence{at: p.t[x.from].start, value: r.value, err: r.err, final: final})
}
