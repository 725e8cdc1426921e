// Calls interop_server as Go programs do:
//
//	goclient KIND ADDRESS
//
// KIND is one of the keys of dialects. ADDRESS is what the server prints: tcp@127.0.0.1:7000 or
// unix@PATH. A line for each check; the exit status is 0 if all hold.
package main

import (
	"fmt"
	"log"
	"os"
	"strings"
)

type checks struct{ failed int }

// that prints one check; what came is printed with it if it does not hold.
func (c *checks) that(name string, holds bool, came ...interface{}) {
	if holds {
		fmt.Println("ok  ", name)
		return
	}
	c.failed++
	fmt.Println("FAIL", name, "but", fmt.Sprint(came...))
}

// fails holds if err has exactly this text.
func (c *checks) fails(name string, err error, text string) {
	c.that(name+" fails with \""+text+"\"", err != nil && err.Error() == text, err)
}

func (c *checks) works(name string, err error) { c.that(name, err == nil, err) }

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: goclient KIND ADDRESS")
	}
	spoken, known := dialects[os.Args[1]]
	network, where, found := strings.Cut(os.Args[2], "@")
	if !known || !found {
		log.Fatalf("goclient: %q at %q is not known", os.Args[1], os.Args[2])
	}
	dial := func() caller {
		client, err := spoken.dial(network, where)
		if err != nil {
			log.Fatal("goclient: ", err)
		}
		return client
	}
	c := &checks{}
	checkServices(c, dial)
	checkErrors(c, dial, spoken.texts)
	checkTypes(c, dial)
	checkLoad(c, dial)
	checkEnds(c, dial)
	if spoken.gee != nil {
		checkTimeLimits(c, spoken.gee, network, where)
	}
	if os.Args[1] == "netrpc" {
		checkWrapper(c, network, where)
	}
	if c.failed > 0 {
		log.Fatalf("goclient: %d checks failed", c.failed)
	}
}
