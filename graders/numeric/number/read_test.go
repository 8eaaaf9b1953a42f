package number_test

import (
	"testing"
	"fmt"
	"github.com/rftgrader/rftgrader/graders/numeric/number"
)

func TestX(t *testing.T) {
	for _, s := range []string{"18","-1,234.50","1 000","$18","$18$","$18.00$ dollars","\\$1,250","1{,}234","1\\,234",".5","5.","1e5","1.5E-3","1.5 × 10^3","1.5 \\times 10^{-3}","1.5*10**3","1.5x10^3","10^5","10⁵","10^(10^10)","3/4","¾","\\frac{3}{4}","\\frac34","\\dfrac{1}{-2}","1 1/2","1\\frac12","1½","50%","50\\%","50 percent","28 pct","18 dollars","5\\text{ cm}","12 km/h","12 km per hour","\\boxed{5}","**18**","18.","twenty-one thousand","a hundred","three point five","one and a half","two thirds","3.5 million","3.5\\text{ million}","1.2k","$5M","5M","１２３","٣٫٥","x = 18","n=18","\\text{Total} = 18","5 = 6","3 + 4 = 7","5 or 6","5, 6","5-6","±5","not 5","about 5","≈ 5","0x1F","NaN","inf","1e309","1e999999999","0.\\overline{3}","0.1\\overline{6}","0.333...","0.(3)","5x","2xy","5!","5π","3:45","3:45 p.m.","5th","1/5th","25 cm^2","25\\text{ cm}^2","20^\\circ\\text{C}","72^\\circ","1.5\\ \\Omega","-1.8 billion","10+John's age","7/14","(5)","(-5)","-$5","$-5","1,23","12,34,567","1.000.000","1'000","1_000","1,\\!000,\\!000","-½","\\frac{1}{0}","1/0","1 100/200","1. Find it","18 dollars every day at the farmers' market","five six","1011_2","5 dozen","half a million","x_1 = 5","5 to ten","18, not 20","🎉", "-", "", "frac{1}{2}","\x0crac{1}{2}","\t", "$$\\boxed{8}$$","\\(\\frac{1}{2}\\)","5 = x","12\\!:\\!30","\\left(5\\right)","5 apples!","5 km²","10 m/s^2","USD 5","5 €","5€", "Rs. 500","2\\times 10","6.02\\times 10^{23}","5 \\pm 1","0,5","1/2/3", "1-1/2", "5 m", "300 K","300K","5\\,kg","007","3\\frac{1}{2}","3\\frac{3}{2}","0.3̅","one","1 234 567.89","1,234.5678","\\text{twenty-one}", "5 × 3 cm","5 isn't it","1.2.3","2024-01-02","5+","½ cup","1/2 of the cake","three hundred and five"} {
		r, err := number.Read(s, number.Format{})
		fmt.Printf("%-40q %v %v %q %v\n", s, r.Value, r.Percent, r.Unit, err)
	}
}
