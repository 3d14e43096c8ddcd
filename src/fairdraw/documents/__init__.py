"""
Papers of the cycle (文书): printed forms, Word summaries, tables, and the numbers they carry.

Pure functions from frozen shapes to bytes (``pdf``, ``word``, ``tables``), and one register of document
numbers. The words of the forms are Chinese law's and are not translated; messages to the officer are.
"""
