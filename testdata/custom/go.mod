module example.com/citation

go 1.26.0

require github.com/rftgrader/rftgrader v0.0.0

replace github.com/rftgrader/rftgrader => ../..
