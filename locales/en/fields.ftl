# The fields of an article: on the desk, on pages, and where a reviewer is told what changed (changed-…).
desk-title = Title
desk-subtitle = Subtitle
desk-body = Text
desk-body-hint = Markdown: an empty line between paragraphs, ## heading, **bold**, > quotation, - list, [words](address). Scripts and styles in HTML are taken out.
desk-tags-hint = Separated by commas, up to 10.
desk-declare = Declarations
desk-declare-hint = Tick all that are true. They stand beside the title.
desk-source = Source
desk-source-hint = Required for reprints: the first publisher or author.
desk-source-url = Address of the source
desk-canonical = First published at
desk-canonical-hint = If it appeared elsewhere first, search engines will be sent there.
desk-language = Language
desk-language-hint = Leave it to be detected, unless that goes wrong.
desk-language-guess = Detect

source-from = From

changed-title = title
changed-subtitle = subtitle
changed-body = text
changed-covers = covers
changed-channel = channel
changed-tags = tags
changed-declarations = declarations
changed-source = source
changed-language = language
changed-other = something else
