"""
Readers: what stands in a table, row by row, as plain values (导入文件的读取).

Each module reads one kind of table and returns a :class:`~fairdraw.exchange.readers.report.Reading`:
the rows it understood and the troubles it found. Nothing is stored here and nothing is guessed.
"""
