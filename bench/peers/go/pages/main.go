// A server of small pages, for crawlers.
//
// Prints its port, and ends after the seconds of its argument.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	page := []byte(strings.Repeat("a line of a page of a thousand\n", 33))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(page)))
		w.Write(page)
	}))
	seconds, _ := strconv.Atoi(os.Args[1])
	time.Sleep(time.Duration(seconds) * time.Second)
}
