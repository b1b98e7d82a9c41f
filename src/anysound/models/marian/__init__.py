"""Marian translation models, such as ``Helsinki-NLP/opus-mt-zh-en``: texts in, texts out."""
