"""Excel workbooks of binary records, .xls and .xlsb."""
