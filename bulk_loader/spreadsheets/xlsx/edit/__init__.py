"""An Excel workbook is copied part by part, with some columns put into one of its sheets."""
