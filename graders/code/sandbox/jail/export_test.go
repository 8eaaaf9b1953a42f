package jail

// What a Go text is read as.
func ReadGo(text, entry string) (changed, driver string, imports []string, err error) {
	s, err := readGo(text, entry, 1<<20)
	if err != nil {
		return "", "", nil, err
	}
	return string(s.text), string(s.driver), s.imports, nil
}

// OutlineJava returns package, public type and the type with main.
func OutlineJava(text string) (pkg, public, main string) {
	o := outlineJava(text)
	return o.pkg, o.public, o.main
}
