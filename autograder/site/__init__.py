"""The instructor's pages: a class as a static site.

A page is a function from `Sources` to `Page`s, listed in `build.PAGES`, with a template in `templates/`; what needs an
instructor is a function from `Sources` to `Concern`s, listed in `today.CONCERNS`.
"""
