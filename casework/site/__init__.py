"""The frame around all pages: login, language, navigation, error pages, who may open which address, translations.

policy.py     every view declares who may open it; a system check refuses views that do not
throttle.py   slows down guessing of passwords
refusals.py   turns what the door refused into pages in human words
navigation.py which entries the header shows
"""
