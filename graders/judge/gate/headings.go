package gate

// heading reports whether a phrase announces an answer, in one of many
// languages.
func heading(phrase string) bool {
	switch phrase {
	case "solution", "solutions", "the solution", "my solution", "answer", "final answer", "the final answer", "my answer", "short answer", "response", "my response", "explanation",
		"explanations", "reasoning", "my reasoning", "chain of thought", "thoughts", "thought process", "thinking", "thinking process", "my thought process", "thinking step by step", "step by step", "step by step solution",
		"step by step explanation", "detailed solution", "detailed explanation", "detailed answer", "full solution", "complete solution", "analysis", "problem analysis", "introduction", "conclusion", "in conclusion", "summary",
		"in summary", "overview", "approach", "my approach", "proof", "steps", "here it is", "here you go", "here we go", "result", "results", "final output",
		"okay", "ok", "sure", "sure thing", "certainly", "of course", "alright", "all right", "great question", "good question", "hmm", "hm",
		"um", "uh", "firstly", "first of all", "to begin", "to begin with", "to start", "got it", "understood", "i understand", "i see", "no problem",
		"happy to help", "id be happy to help", "i would be happy to help", "i can help with that", "i can help you with that", "sure i can help with that", "thank you for your question", "thanks for your question", "as an ai language model", "as an ai", "finally", "therefore",
		"thus", "hence", "the answer":
		return true
	// Spanish, Portuguese, Italian, French
	case "respuesta", "la respuesta", "respuesta final", "solución", "la solución", "explicación", "proceso de pensamiento", "razonamiento", "paso a paso", "análisis", "vamos a resolver este problema paso a paso", "resolvamos este problema paso a paso", "pensemos paso a paso", "claro", "por supuesto",
		"resposta", "resposta final", "a resposta", "solução", "a solução", "explicação", "processo de pensamento", "raciocínio", "passo a passo", "vamos resolver este problema passo a passo", "vamos pensar passo a passo", "análise",
		"risposta", "la risposta", "risposta finale", "soluzione", "la soluzione", "spiegazione", "processo di pensiero", "ragionamento", "passo dopo passo", "risolviamo questo problema passo dopo passo", "analisi", "certo", "certamente",
		"réponse", "la réponse", "réponse finale", "la solution", "explication", "processus de réflexion", "raisonnement", "étape par étape", "résolvons ce problème étape par étape", "réfléchissons étape par étape", "analyse", "bien sûr":
		return true
	// German, Dutch, the Nordic languages
	case "lösung", "die lösung", "antwort", "die antwort", "endgültige antwort", "erklärung", "gedankengang", "denkprozess", "überlegung", "schritt für schritt", "lass uns dieses problem schritt für schritt lösen", "lösen wir dieses problem schritt für schritt", "lasst uns schritt für schritt denken", "natürlich", "gerne", "rechenweg", "lösungsweg",
		"oplossing", "antwoord", "het antwoord", "uitleg", "stap voor stap", "denkproces", "lösning", "svar", "løsning", "forklaring", "ratkaisu", "vastaus":
		return true
	// Russian, Ukrainian, Polish, Czech, Turkish, Vietnamese, Indonesian
	case "решение", "ответ", "окончательный ответ", "объяснение", "ход мыслей", "рассуждение", "рассуждения", "шаг за шагом", "давайте решим эту задачу шаг за шагом", "давайте решим эту проблему шаг за шагом", "давайте подумаем шаг за шагом", "конечно", "пояснение",
		"рішення", "відповідь", "розвязання", "пояснення", "rozwiązanie", "odpowiedź", "wyjaśnienie", "krok po kroku", "řešení", "odpověď", "vysvětlení", "çözüm", "cevap", "yanıt", "açıklama", "düşünce süreci", "adım adım",
		"lời giải", "giải", "câu trả lời", "đáp án", "trả lời", "giải thích", "jawaban", "solusi", "penjelasan", "langkah demi langkah":
		return true
	// Chinese, Japanese, Korean
	case "解", "答", "解答", "答案", "回答", "答复", "解析", "解释", "解釋", "分析", "思考", "思考过程", "思考過程", "思路", "解题", "解题过程", "解題過程", "解题思路", "解决方案", "解決方案", "步骤", "步驟", "最终答案", "最終答案", "推理", "推理过程", "让我们一步一步思考", "让我们一步步思考", "让我们一步一步地解决这个问题", "让我们逐步解决这个问题", "讓我們一步一步思考", "好的", "当然",
		"かいせつ", "解説", "かいとう", "こたえ", "答え", "回答です", "解法", "説明", "考え方", "思考プロセス", "ステップバイステップ", "ステップバイステップで考えましょう", "一歩一歩考えましょう", "この問題をステップバイステップで解決しましょう", "もちろん", "もちろんです",
		"해설", "풀이", "답", "정답", "답변", "해답", "설명", "사고 과정", "풀이 과정", "단계별로", "단계별로 생각해 봅시다", "이 문제를 단계별로 풀어봅시다", "해결책":
		return true
	// Arabic, Persian, Hebrew, Hindi, Bengali, Thai, Greek
	case "الحل", "حل", "الجواب", "الإجابة", "إجابة", "جواب", "شرح", "التفسير", "عملية التفكير", "خطوة بخطوة", "دعونا نحل هذه المشكلة خطوة بخطوة", "پاسخ", "راه حل", "פתרון", "תשובה", "הסבר",
		"समाधान", "उत्तर", "हल", "व्याख्या", "विचार प्रक्रिया", "चरण दर चरण", "সমাধান", "উত্তর", "คำตอบ", "วิธีทำ", "λύση", "απάντηση", "εξήγηση":
		return true
	}
	return false
}
