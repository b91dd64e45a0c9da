module net.eventlet/bench/peers

go 1.19
