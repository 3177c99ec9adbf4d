"""From text to HTML: pages in Markdown, the comments of headers, formulas, code.

SPDX-License-Identifier: BSL-1.0
"""

import html
import re

import markdown
import pygments
import pygments.formatters
import pygments.lexers
import pygments.styles
import pygments.token

LABELS = "Grades?|Errors?|Cost|Sources?|Shapes?|Domain|Examples?|Accuracy|Adjoints?|Formula|Memory|Options?|Laws"
# Also `Cost in training: `, `Errors, as pm::error: `.
LABEL = re.compile(rf"(?:^|(?<=[.;:)] )|(?<=\s\s))((?:{LABELS})(?:(?:,| in| at| to| by| of) [a-z:, ]{{1,60}}?)?): ")
EQUATION = re.compile(r" (?:=|<-) ")
CODE = re.compile(r"::|//|;$|\bauto\b|[{}]", re.M)
FUNCTIONS = (
    "triu tril exp expm1 log log1p sqrt tanh sigmoid softplus softmax log_softmax diag sum mean clamp round sign max min cosh sin cos relu erf det"
    " pack unpack abs transpose outer matmul norm sum_to_zero cholesky_factor_cov cholesky_factor_corr ilr_simplex base mod contracting skew"
).split()
LEXERS = {"cpp": "cpp", "hpp": "cpp", "py": "python", "build": "meson", "md": "markdown", "json": "json", "txt": "text", "ini": "ini", "ld": "text"}


def code(text: str, language: str) -> str:
    """Highlighted; languages that pygments does not know are plain."""
    try:
        lexer = pygments.lexers.get_lexer_by_name(LEXERS.get(language, language))
    except pygments.util.ClassNotFound:
        lexer = pygments.lexers.get_lexer_by_name("text")
    return pygments.highlight(text, lexer, pygments.formatters.HtmlFormatter(cssclass="highlight", wrapcode=True))


def code_style() -> str:
    def of(style: object, where: str) -> str:
        rules = pygments.formatters.HtmlFormatter(style=style).get_style_defs(f"{where} .highlight").splitlines()
        return "\n".join(r for r in rules if ".highlight" in r and "background" not in r)

    class dark(pygments.styles.get_style_by_name("monokai")):  # whose comments are hard to read
        styles = {**pygments.styles.get_style_by_name("monokai").styles, pygments.token.Comment: "#9aa3ad"}

    return (
        of("xcode", "")
        + "\n" + of(dark, ':root[data-theme="dark"]')
        + "\n@media (prefers-color-scheme: dark) {\n" + of(dark, ":root:not([data-theme])") + "\n}\n"
    )


def formula(text: str) -> str:
    """`triu(x) + triu(x, 1)^T` with superscripts, subscripts and italic letters."""
    result, k = "", 0
    token = re.compile(
        r"\^(\(|-?\w+)|_(\([^)]*\)|[a-zA-Z0-9]+(?:,[a-z])?(?:-\d)?)|([A-Za-z][A-Za-z_]*(?<!_)(?=\()|[A-Za-z]{2,}(?:_[a-z]{3,})+)"
        r"|((?:(?<=\w)')?[A-Za-z]+)|(\d+(?:\.\d+)?)|<=|>=|<-|\*|-|.",
        re.S,
    )
    for m in token.finditer(text):
        whole = m[0]
        if m[1] and m[1] != "(":
            result += f"<sup>{html.escape(m[1]).replace('-', '−')}</sup>"
        elif m[2]:
            result += f"<sub>{html.escape(m[2].strip('()')).replace('-', '−')}</sub>"
        elif m[3] is not None or (m[4] and m[4] in FUNCTIONS):
            result += html.escape(whole)
        elif m[4] and len(m[4]) == 1:
            result += f"<i>{m[4]}</i>"
        elif m[4]:
            result += html.escape(m[4])
        else:
            result += {"-": "−", "<=": "≤", ">=": "≥", "<-": "←", "*": "·"}.get(whole, html.escape(whole))
    return result


def is_formula(text: str) -> bool:
    """Whether a text is made of signs, numbers, single letters and names of functions, and not of words alone."""
    words = re.findall(r"[A-Za-z_]{2,}", text)
    return re.search(r"[-+*/^=|]|\w\(", text) is not None and all(w in FUNCTIONS or re.search(rf"\b{w}\(|_{w}|{w} [=+]|[-+*/] {w}", text) for w in words)


def inline(text: str) -> str:
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(f"<code>{html.escape(p[1:-1])}</code>" if p.startswith("`") and len(p) > 2 else html.escape(p, quote=False) for p in parts)


def comment_page(lines: list[str]) -> str:
    """The first comment of a header: paragraphs, code where lines are indented, and what begins with a label as a list."""
    result, facts, paragraph, block = [], [], [], []

    def close_paragraph() -> None:
        if not paragraph:
            return
        text = " ".join(paragraph)
        paragraph.clear()
        parts = LABEL.split(text)
        if parts[0].strip():
            result.append(f"<p>{inline(parts[0].strip())}</p>")
        facts.extend(zip(parts[1::2], (p.strip() for p in parts[2::2])))

    def close_block() -> None:
        while block and not block[-1].strip():
            block.pop()
        if block:
            least = min(len(b) - len(b.lstrip()) for b in block if b.strip())
            text = "\n".join(b[least:] for b in block)
            equations = all(EQUATION.search(b) for b in block if b.strip()) and not CODE.search(text)
            shown = formula(text) if equations else html.escape(text)
            result.append(f'<pre class="page{" equations" if equations else ""}">{shown}</pre>')
        block.clear()

    for line in lines:
        if line.startswith("  ") and line.strip():
            close_paragraph()
            block.append(line)
        elif not line.strip():
            close_paragraph()
            if block:
                block.append("")
        else:
            close_block()
            paragraph.append(line.strip())
    close_paragraph()
    close_block()
    if facts:
        result.append('<dl class="facts">' + "".join(f"<dt>{html.escape(a)}</dt><dd>{inline(b)}</dd>" for a, b in facts) + "</dl>")
    return "\n".join(result)


FENCE = re.compile(r"^```(\w+)(?: ([^\s`]+))?(?: \w+)?\n(.*?)^```$", re.M | re.S)


def page(text: str, up: str) -> str:
    """Markdown; a block of code that names its file gets a link to it, `up` leads to the top folder."""

    def fence(m: re.Match) -> str:
        caption = f"\n\n[{m[2]}]({up}{m[2]}){{: .source}}\n{{: .from}}" if m[2] else ""
        return f"```{'text' if m[1] == 'error' else m[1]}\n{m[3]}```{caption}"

    text = FENCE.sub(fence, text)
    done = markdown.markdown(
        text,
        extensions=["tables", "fenced_code", "codehilite", "toc", "attr_list", "sane_lists"],
        extension_configs={"codehilite": {"css_class": "highlight", "guess_lang": False}},
    )
    done = re.sub(r"<code>([^<]*)</code>", lambda m: "<code>" + m[1].replace("\\|", "|") + "</code>", done)
    return done.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
