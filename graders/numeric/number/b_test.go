package number_test
import ("testing";"github.com/rftgrader/rftgrader/graders/numeric/number")
func BenchmarkR(b *testing.B){ for _,s:=range []string{"18","$1,234.50","\\frac{3}{4}","18 dollars every day at the market"}{ b.Run(s,func(b *testing.B){b.ReportAllocs(); for b.Loop(){ number.Read(s,number.Format{})}})}}
