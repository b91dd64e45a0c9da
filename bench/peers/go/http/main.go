// What does a small answer cost in Go, with the standard library's server?
//
// Run: go build -o http ./http && ./http [SECONDS]     the port is the first line of output
//
//	make bench ARGS=http                             beside its peers
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

var text = []byte("Hello, World!")

func main() {
	lifetime := 600
	if len(os.Args) > 1 {
		lifetime, _ = strconv.Atoi(os.Args[1])
	}
	time.AfterFunc(time.Duration(lifetime)*time.Second, func() { os.Exit(0) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, http.HandlerFunc(hello)))
}

func hello(answer http.ResponseWriter, _ *http.Request) {
	answer.Header().Set("Content-Type", "text/plain")
	answer.Write(text)
}
