// What does an echo cost in Go, a goroutine a connection?
//
// Bytes are sent back as they come, from a buffer of the connection's own: cheaper than a
// bufio.Reader, and what the standard library's documentation does in io.Copy.
//
// Run: go build -o echo ./echo && ./echo [SECONDS]     the port is the first line of output
//
//	make bench ARGS=echo                             beside its peers
package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"strconv"
	"time"
)

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
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go echo(connection)
	}
}

func echo(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, 4096)
	for {
		count, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if _, err := connection.Write(buffer[:count]); err != nil {
			return
		}
	}
}
