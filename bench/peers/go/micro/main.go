// What do goroutines cost inside one process?
//
//	switch       from one goroutine to the other, each calling runtime.Gosched
//	switch-1000  the same among a thousand
//	handoff      of a value through an unbuffered channel
//	spawn        start a goroutine, let it run, take its result from a channel
//	memory       a million goroutines, each waiting on a channel
//	timers       start a timer and stop it, with none and with a million pending
//
// All on one thread: a second one makes the channels slower, not faster.
//
// Run: go build -o micro ./micro && ./micro [ROW …]
//
//	make bench ARGS="switch spawn"       beside its peers
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

const batches = 7

func main() {
	runtime.GOMAXPROCS(1)
	time.AfterFunc(5*time.Minute, func() { os.Exit(1) })
	rows := []struct {
		name    string
		measure func()
	}{
		{"switch", func() { report("switch", 4_000_000, func(n int) { gosched(2, n) }) }},
		{"switch-1000", func() { report("switch-1000", 4_000_000, func(n int) { gosched(1000, n) }) }},
		{"handoff", func() { report("handoff", 4_000_000, handOff) }},
		{"spawn", func() { report("spawn", 2_000_000, spawn) }},
		{"memory", memory},
		{"timers", timers},
	}
	for _, row := range rows {
		if len(os.Args) == 1 || contains(os.Args[1:], row.name) {
			row.measure()
		}
	}
}

func contains(names []string, name string) bool {
	for _, each := range names {
		if each == name {
			return true
		}
	}
	return false
}

// Prints the median of several batches, after one that does not count.
func report(row string, operations int, body func(operations int)) {
	body(operations)
	var nanos []float64
	for i := 0; i < batches; i++ {
		begin := time.Now()
		body(operations)
		nanos = append(nanos, float64(time.Since(begin).Nanoseconds())/float64(operations))
	}
	sort.Float64s(nanos)
	fmt.Printf("{\"row\":%q,\"ns\":%.2f}\n", row, nanos[batches/2])
}

func gosched(goroutines, switches int) {
	var done sync.WaitGroup
	done.Add(goroutines)
	for i := 0; i < goroutines; i++ {
		go func() {
			for j := 0; j < switches/goroutines; j++ {
				runtime.Gosched()
			}
			done.Done()
		}()
	}
	done.Wait()
}

func handOff(handOffs int) {
	there, back := make(chan int), make(chan int)
	go func() {
		for value := range there {
			back <- value
		}
		close(back)
	}()
	for i := 0; i < handOffs/2; i++ {
		there <- i
		<-back
	}
	close(there)
	<-back
}

func spawn(goroutines int) {
	sum := 0
	for i := 0; i < goroutines; i++ {
		result := make(chan int, 1)
		go func() { result <- 1 }()
		sum += <-result
	}
	if sum != goroutines {
		panic("a result was lost")
	}
}

func memory() {
	const parked = 1_000_000
	var before, after runtime.MemStats
	var waiting sync.WaitGroup
	release := make(chan struct{})
	runtime.GC()
	runtime.ReadMemStats(&before)
	resident := residentBytes()
	waiting.Add(parked)
	for i := 0; i < parked; i++ {
		go func() {
			<-release
			waiting.Done()
		}()
		if i%1000 == 0 {
			runtime.Gosched()
		}
	}
	for i := 0; i < 10; i++ {
		runtime.Gosched()
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	heap := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	stack := int64(after.StackInuse) - int64(before.StackInuse)
	fmt.Printf("{\"row\":\"memory\",\"bytes\":%.1f,\"heap\":%.1f,\"stack\":%.1f,\"rss\":%.1f}\n",
		float64(heap+stack)/parked, float64(heap)/parked, float64(stack)/parked,
		float64(residentBytes()-resident)/parked)
	close(release)
	waiting.Wait()
}

func residentBytes() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(status), "\n") {
		var kilobytes int64
		if count, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); count == 1 {
			return kilobytes * 1024
		}
	}
	return 0
}

func timers() {
	report("timers-0", 2_000_000, startAndStop)
	random := rand.New(rand.NewSource(1))
	pending := make([]*time.Timer, 1_000_000)
	for i := range pending {
		pending[i] = time.NewTimer(time.Hour + time.Duration(random.Int63n(int64(time.Hour))))
	}
	report("timers", 2_000_000, startAndStop)
	for _, timer := range pending {
		timer.Stop()
	}
}

func startAndStop(timers int) {
	for i := 0; i < timers; i++ {
		if !time.NewTimer(30 * time.Second).Stop() {
			panic("the timer fired")
		}
	}
}
