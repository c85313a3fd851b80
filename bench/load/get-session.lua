local bench = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
bench.pool("cookies.txt", function(cookie) return wrk.format("GET", "/api/auth/get-session", { ["Cookie"] = cookie }) end)
