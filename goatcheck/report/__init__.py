"""Reports: pure renderers of one frozen `model.Report`. A report in, text out; only `files` writes."""
