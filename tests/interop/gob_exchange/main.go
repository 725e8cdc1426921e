// The other side of gob_exchange_test: Go's own encoder and decoder.
//
//	gob_exchange make SEED VALUES VARIANTS   writes streams of random values
//	gob_exchange check SEED VALUES VARIANTS  reads the answers to them, and compares
//	gob_exchange echo                        reads streams and writes what they hold
//
// A stream stands behind its length, 8 bytes. Before each value stands the number of its message.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"math/rand"
	"os"
	"reflect"
	"strconv"
)

const valuesOfAVariant = 5

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func number(at int) int {
	n, err := strconv.Atoi(os.Args[at])
	must(err)
	return n
}

func writeStream(out io.Writer, stream []byte) {
	must(binary.Write(out, binary.LittleEndian, uint64(len(stream))))
	_, err := out.Write(stream)
	must(err)
}

func readStream(in io.Reader) []byte {
	var size uint64
	if err := binary.Read(in, binary.LittleEndian, &size); err == io.EOF {
		return nil
	} else {
		must(err)
	}
	stream := make([]byte, size)
	_, err := io.ReadFull(in, stream)
	must(err)
	return stream
}

// streams calls each for every value, and between after every stream, the same for the same seed.
// message is what the other side is to make of value.
func streams(each func(index int, value, message reflect.Value), between func()) {
	r := rand.New(rand.NewSource(int64(number(2))))
	for n := number(3); n > 0; n-- {
		index := r.Intn(len(messages))
		value := reflect.New(reflect.TypeOf(messages[index])).Elem()
		fill(r, value, 5)
		each(index, value, value)
	}
	between()
	for n := number(4); n > 0; n-- {
		index := r.Intn(6)
		message := reflect.TypeOf(messages[index])
		other := variant(r, message)
		for i := 0; i < valuesOfAVariant; i++ {
			value := reflect.New(other).Elem()
			fill(r, value, 5)
			expected := reflect.New(message).Elem()
			project(value, expected)
			each(index, value, expected)
		}
		between()
	}
}

func makeStreams(out io.Writer) {
	var buffer bytes.Buffer
	encoder := gob.NewEncoder(&buffer)
	streams(func(index int, value, _ reflect.Value) {
		must(encoder.Encode(index))
		must(encoder.EncodeValue(value))
	}, func() {
		writeStream(out, buffer.Bytes())
		buffer.Reset()
		encoder = gob.NewEncoder(&buffer)
	})
}

func check(in io.Reader) {
	decoder := gob.NewDecoder(bytes.NewReader(readStream(in)))
	values, different := 0, 0
	streams(func(index int, value, message reflect.Value) {
		var got int
		must(decoder.Decode(&got))
		answer := reflect.New(message.Type())
		must(decoder.DecodeValue(answer))
		values++
		if got != index || !same(message, answer.Elem()) {
			different++
			if different < 5 {
				fmt.Fprintf(os.Stderr, "sent %+v\nmeans %+v\ngot %+v\n", value, message, answer.Elem())
			}
		}
	}, func() {
		decoder = gob.NewDecoder(bytes.NewReader(readStream(in)))
	})
	fmt.Printf("%d values, %d different\n", values, different)
	if different > 0 {
		os.Exit(1)
	}
}

func echo(in io.Reader, out io.Writer) {
	for stream := readStream(in); stream != nil; stream = readStream(in) {
		var buffer bytes.Buffer
		encoder := gob.NewEncoder(&buffer)
		decoder := gob.NewDecoder(bytes.NewReader(stream))
		for {
			var index int
			if err := decoder.Decode(&index); err == io.EOF {
				break
			} else {
				must(err)
			}
			value := reflect.New(reflect.TypeOf(messages[index]))
			must(decoder.DecodeValue(value))
			must(encoder.Encode(index))
			must(encoder.EncodeValue(value))
		}
		writeStream(out, buffer.Bytes())
	}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	switch os.Args[1] {
	case "make":
		makeStreams(out)
	case "check":
		check(in)
	case "echo":
		echo(in, out)
	}
	must(out.Flush())
}
