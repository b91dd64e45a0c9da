// What does a page cost that net/http's client fetches, with 200 goroutines at work?
//
// Connections are kept, as many as there are goroutines. On one thread.
//
// Run: go build -o crawler ./crawler && ./crawler PORT PAGES
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"sort"
	"strconv"
	"sync"
	"syscall"
)

const (
	workers = 200
	batches = 5
)

func main() {
	runtime.GOMAXPROCS(1)
	count, _ := strconv.Atoi(os.Args[2])
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = workers
	transport.MaxIdleConns = workers
	transport.DisableCompression = true
	client := &http.Client{Transport: transport}
	crawl(client, os.Args[1], count)
	var micros []float64
	for i := 0; i < batches; i++ {
		before := cpu()
		crawl(client, os.Args[1], count)
		micros = append(micros, float64(cpu()-before)/float64(count))
	}
	sort.Float64s(micros)
	fmt.Printf("{\"row\":\"crawler\",\"cpu_us\":%.2f}\n", micros[batches/2])
}

func crawl(client *http.Client, port string, count int) {
	urls := make(chan string)
	var working sync.WaitGroup
	for i := 0; i < workers; i++ {
		working.Add(1)
		go func() {
			defer working.Done()
			for url := range urls {
				response, err := client.Get(url)
				if err != nil {
					panic(err)
				}
				bytes, err := io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if err != nil || bytes != 1023 {
					panic(fmt.Sprint(err, bytes))
				}
			}
		}()
	}
	for i := 0; i < count; i++ {
		urls <- fmt.Sprintf("http://127.0.0.1:%s/page?%d", port, i)
	}
	close(urls)
	working.Wait()
}

// User and system time of this process, in microseconds.
func cpu() int64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return (usage.Utime.Sec+usage.Stime.Sec)*1_000_000 + usage.Utime.Usec + usage.Stime.Usec
}
