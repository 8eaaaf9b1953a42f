/*
Package fence finds the code in what a model wrote.

A block begins with a line of three or more backticks or tildes, at any depth
of indentation, behind the mark of a list item or a quotation, or, if it names a
language, behind text. It ends with a line of as many or more of the same
and nothing else. A fence that names a language, where another is still
open, ends that one. A block that is never closed runs to the end of the text,
or to the first line that ends with its mark. Fences that stand deeper by 4 or more,
in pairs, belong to the code. The indentation of the fence is
removed if every line has it. CRLF becomes LF, and a byte-order mark is dropped.

The first word behind a fence is its tag: ```python title="x", ```{.python},
```python:main.py, ```python3.11 and ```main.py are all python. A block of Markdown
stands for the blocks in it. Blocks of another language never count, and
neither do those of output and transcripts. Blocks without a tag, and such as
```code, count where no block has the right one, unless the line above says that
it shows input or output; blocks of text that look like
code count where there are none of these either.

A text without any block counts as it is if it looks like code, from [BEGIN] to
[DONE], as the prompt of MBPP has it, or between marks such as <code>, [PYTHON] and
<answer>.
*/
package fence
