"""Mails out: composed to fixed bytes, handed to an SMTP server or written down as a file."""
