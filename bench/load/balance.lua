local bench = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
bench.pool("tokens.txt", function(token) return wrk.format("GET", "/api/v1/credits/balance", bench.bearer(token)) end)
