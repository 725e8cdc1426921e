// Package geerpc is GeeRPC as its documents have it: an Option in JSON, then a stream of Header and
// body in the codec that the Option names.
package geerpc

import (
	"bufio"
	"encoding/gob"
	"encoding/json"
	"io"
	"log"
)

type Header struct {
	ServiceMethod string // "Service.Method"
	Seq           uint64 // 0 is invalid
	Error         string
}

type Codec interface {
	io.Closer
	ReadHeader(*Header) error
	ReadBody(interface{}) error
	Write(*Header, interface{}) error
}

type NewCodecFunc func(io.ReadWriteCloser) Codec

type Type string

const (
	GobType  Type = "application/gob"
	JsonType Type = "application/json"
)

var NewCodecFuncMap = map[Type]NewCodecFunc{
	GobType:  NewGobCodec,
	JsonType: NewJsonCodec,
}

type decoder interface{ Decode(interface{}) error }
type encoder interface{ Encode(interface{}) error }

type streamCodec struct {
	conn io.ReadWriteCloser
	buf  *bufio.Writer
	dec  decoder
	enc  encoder
}

func NewGobCodec(conn io.ReadWriteCloser) Codec {
	buf := bufio.NewWriter(conn)
	return &streamCodec{conn, buf, gob.NewDecoder(conn), gob.NewEncoder(buf)}
}

func NewJsonCodec(conn io.ReadWriteCloser) Codec {
	buf := bufio.NewWriter(conn)
	return &streamCodec{conn, buf, jsonDecoder{json.NewDecoder(conn)}, json.NewEncoder(buf)}
}

// jsonDecoder drops a value that nobody wants, as gob.Decoder does for nil.
type jsonDecoder struct{ dec *json.Decoder }

func (d jsonDecoder) Decode(value interface{}) error {
	if value == nil {
		return d.dec.Decode(new(json.RawMessage))
	}
	return d.dec.Decode(value)
}

func (c *streamCodec) ReadHeader(h *Header) error      { return c.dec.Decode(h) }
func (c *streamCodec) ReadBody(body interface{}) error { return c.dec.Decode(body) }
func (c *streamCodec) Close() error                    { return c.conn.Close() }
func (c *streamCodec) Write(h *Header, body interface{}) (err error) {
	defer func() {
		_ = c.buf.Flush()
		if err != nil {
			_ = c.Close()
		}
	}()
	if err := c.enc.Encode(h); err != nil {
		log.Println("rpc codec: error encoding header:", err)
		return err
	}
	if err := c.enc.Encode(body); err != nil {
		log.Println("rpc codec: error encoding body:", err)
		return err
	}
	return nil
}
