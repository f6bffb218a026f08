"""The media types of what travels in a notebook's outputs (输出的媒体类型)."""

#: A block of a report: table, figures, findings, workings, appendix, chart caption.
BLOCK = "application/vnd.jixiao.block+json"
#: The judged result of one run; `batch` takes ``result.json`` from here.
RESULT = "application/vnd.jixiao.result+json"
#: The filing as it was read, private data masked.
READING = "application/vnd.jixiao.reading+json"
#: The rule book in force, as its YAML text.
RUBRIC = "application/vnd.jixiao.rubric+yaml"
SVG = "image/svg+xml"
HTML = "text/html"
TEXT = "text/plain"
