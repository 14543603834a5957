"""Excel workbooks of XML, .xlsx and .xlsm."""
