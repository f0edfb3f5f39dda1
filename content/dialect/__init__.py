"""The dialect's rules: what each piece of syntax is, and the HTML it becomes.

The rules speak to the parser through the small protocols of `tokens.py`; `content/parse.py` puts them
together.
"""
