"""One module an engine; its `Engine` reads a file, prepares once, and answers the questions.

read(kind, path)    the file as a table in memory; gives the number of rows, the first and the last time
prepare(kind)       what is done once before any question: sorted, encoded
funnel(days), moved(days), breakdown(days), transitions(), retention(), rfm()
                    the answers as lists of rows in ascending order, as `benchmarks.questions` says; moved is funnel
                    where nothing of an earlier answer is used again

Those of `benchmarks.models` (clv and lifetimes; attribution, channelattribution and solved) read a Parquet file, and
then fit(model), likelihood(model), predict(model, weeks); or rules(), markov(order): model -> channel -> conversions
"""

PROJECT, LIMIT = "project", "limit"  # the limit: one pass over the columns that a question needs
NAMES = {
    PROJECT: "this project",
    "chdb": "chDB",
    "duckdb": "DuckDB",
    "polars": "Polars",
    "pandas": "pandas",
    LIMIT: "one pass over the columns",
}
