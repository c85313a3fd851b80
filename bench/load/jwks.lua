local bench = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
bench.pool(nil, function() return wrk.format("GET", "/api/auth/jwks") end)
