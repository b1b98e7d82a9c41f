"""How Sphinx makes the site; ``tools/docs_site.py`` runs it."""

from sphinx.search.zh import SearchChinese

from anysound import __version__

project = "anysound"
release = __version__
copyright = "the authors of anysound"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 3
nitpicky = False

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_use_ivar = True

html_theme = "furo"
html_title = "anysound"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"source_edit_link": ""}
templates_path = ["_templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "other_language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}

# Chinese pages use the English stemmer, but Sphinx 9.0 looks for it under a Chinese name, and the
# search finds nothing (sphinx-doc/sphinx#14229).
SearchChinese.language_name = "English"
