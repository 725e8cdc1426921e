// The Echo service of ../echo.rpc with Go's net/rpc, and load on it:
//
//	gobench server --port P [--sleep 1ms]         prints READY
//	gobench client --port P --server-pid PID …    the options and the RESULT line of ../load.h
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"math/rand"
	"net"
	"net/rpc"
	"os"
	"sort"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

type Sample struct {
	Id    int64
	Name  string
	Score float64
	Tags  []int32
}

type Echo struct{}

func (Echo) Blob(in []byte, out *[]byte) error { *out = in; return nil }

// sleeps is how long EchoSample waits on average, exponentially distributed.
var sleeps time.Duration

func (Echo) EchoSample(in *Sample, out *Sample) error {
	if sleeps > 0 {
		time.Sleep(time.Duration(float64(sleeps) * rand.ExpFloat64()))
	}
	*out = *in
	return nil
}

var sample = Sample{1234567890123, "user-name-0042", 98.6,
	[]int32{1, 22, 333, 4444, 55555, 666666, 7777777, 88888888}}

func serve(where string) {
	server := rpc.NewServer()
	if err := server.Register(Echo{}); err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", where)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("READY")
	server.Accept(listener)
}

// cpuNs is the CPU time of a whole process: Linux's CPU clock of that process.
func cpuNs(pid int) int64 {
	var time syscall.Timespec
	clock := uintptr(uint32((^int32(pid))<<3 | 2))
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&time)), 0)
	return time.Nano()
}

// caller is one call of the workload, which fails for a wrong answer.
func caller(payload string) func(*rpc.Client) {
	size, known := map[string]int{"p32": 32, "p1k": 1 << 10, "p1m": 1 << 20, "struct": 0}[payload]
	if !known {
		log.Fatalf("--payload: %q", payload)
	}
	if size == 0 {
		return func(client *rpc.Client) {
			var out Sample
			if err := client.Call("Echo.EchoSample", &sample, &out); err != nil || out.Id != sample.Id {
				log.Fatal("EchoSample: ", out, err)
			}
		}
	}
	blob := bytes.Repeat([]byte{'x'}, size)
	return func(client *rpc.Client) {
		var out []byte
		if err := client.Call("Echo.Blob", blob, &out); err != nil || len(out) != size {
			log.Fatal("Blob: ", len(out), err)
		}
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * 1e9) }

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: gobench server|client --port P …")
	}
	flags := flag.NewFlagSet("gobench", flag.ExitOnError)
	port := flags.Int("port", 0, "")
	pid := flags.Int("server-pid", 0, "")
	payload := flags.String("payload", "p32", "")
	conns := flags.Int("conns", 1, "")
	depth := flags.Int("depth", 1, "calls in flight on each connection")
	warm := flags.Float64("warm", 0.3, "")
	secs := flags.Float64("secs", 1, "")
	flags.DurationVar(&sleeps, "sleep", 0, "of the server's handlers, on average")
	flags.Parse(os.Args[2:])
	where := fmt.Sprintf("127.0.0.1:%d", *port)
	if os.Args[1] == "server" {
		serve(where)
		return
	}

	call := caller(*payload)
	var measuring atomic.Bool
	taken := make([][]int64, *conns**depth)
	for c := 0; c < *conns; c++ {
		client, err := rpc.Dial("tcp", where)
		if err != nil {
			log.Fatal(err)
		}
		call(client)
		// One goroutine for a call in flight, as Go programs have it.
		for d := 0; d < *depth; d++ {
			go func(i int) {
				for {
					start := time.Now()
					call(client)
					if measuring.Load() {
						taken[i] = append(taken[i], int64(time.Since(start)))
					}
				}
			}(c**depth + d)
		}
	}

	time.Sleep(seconds(*warm))
	server, own, start := cpuNs(*pid), cpuNs(os.Getpid()), time.Now()
	measuring.Store(true)
	time.Sleep(seconds(*secs))
	measuring.Store(false)
	server, own = cpuNs(*pid)-server, cpuNs(os.Getpid())-own
	took := time.Since(start)
	time.Sleep(10 * time.Millisecond) // for calls that have seen it measure

	var all []int64
	for _, times := range taken {
		all = append(all, times...)
	}
	if len(all) == 0 {
		log.Fatal("no call was answered")
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	n := float64(len(all))
	fmt.Printf("RESULT calls=%d secs=%.3f rate=%.1f p50_ns=%d p99_ns=%d srv_cpu_ns=%.0f cli_cpu_ns=%.0f\n",
		len(all), took.Seconds(), n/took.Seconds(), all[len(all)/2], all[len(all)*99/100],
		float64(server)/n, float64(own)/n)
}
