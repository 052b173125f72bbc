"""Property tests here have no deadline, because machines are shared, and remember nothing between runs."""

from hypothesis import settings

settings.register_profile("goatcheck-tests", deadline=None, database=None, max_examples=50)
settings.load_profile("goatcheck-tests")
