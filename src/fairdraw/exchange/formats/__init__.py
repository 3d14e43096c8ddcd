"""
The forms of tables that are read in the child process (表格格式): one module per form, each imported only for its own.

Nothing here imports Django or the rest of the product: :mod:`fairdraw.exchange.workbook_worker` runs it with limits.
"""
