"""What stands in the cells of a workbook, whatever its format; knows no leads and no dialer."""
