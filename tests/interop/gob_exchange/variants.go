package main

import (
	"encoding/gob"
	"fmt"
	"math/rand"
	"reflect"
	"time"
)

// What may lie in an interface.
var registered = []interface{}{Point{}, Tree{}, Scalars{}, int(0), "", []string{}}

func init() {
	for _, value := range registered {
		gob.Register(value)
	}
}

var basics = []reflect.Type{
	reflect.TypeOf(false), reflect.TypeOf(int8(0)), reflect.TypeOf(uint16(0)), reflect.TypeOf(int(0)),
	reflect.TypeOf(uint64(0)), reflect.TypeOf(float32(0)), reflect.TypeOf(0.0), reflect.TypeOf(1i),
	reflect.TypeOf(""), reflect.TypeOf([]byte{}), timeType, reflect.TypeOf(Tree{}),
	reflect.TypeOf(Shape{}), reflect.TypeOf((*interface{})(nil)).Elem(),
}

// How deep the types of fields of variants are.
const typeDepth = 3

// A type of any kind that gob knows. Of pointers it has only those to fields: others must not be nil.
func randomType(r *rand.Rand, depth int) reflect.Type {
	if depth == typeDepth && r.Intn(8) == 0 {
		return reflect.PtrTo(basics[r.Intn(len(basics)-1)])
	}
	if depth > 0 {
		switch r.Intn(8) {
		case 0:
			return reflect.SliceOf(randomType(r, depth-1))
		case 1:
			return reflect.ArrayOf(r.Intn(3), randomType(r, depth-1))
		case 2:
			return reflect.MapOf(basics[r.Intn(5)], randomType(r, depth-1))
		case 3:
			fields := []reflect.StructField{}
			for n := r.Intn(4) + 1; n > 0; n-- {
				fields = append(fields, reflect.StructField{Name: fmt.Sprint("F", n), Type: randomType(r, depth-1)})
			}
			return reflect.StructOf(fields)
		}
	}
	return basics[r.Intn(len(basics))]
}

// Another type whose values fit in t: an integer of another size, a pointer, an array for a slice.
func otherType(r *rand.Rand, t reflect.Type) reflect.Type {
	signed := []reflect.Type{reflect.TypeOf(int8(0)), reflect.TypeOf(int16(0)), reflect.TypeOf(uint8(0)), t}
	unsigned := []reflect.Type{reflect.TypeOf(uint8(0)), reflect.TypeOf(uint16(0)), t}
	switch t.Kind() {
	case reflect.Int32:
		return signed[r.Intn(4)]
	case reflect.Int64:
		return append(signed, reflect.TypeOf(int(0)), reflect.TypeOf(uint32(0)))[r.Intn(6)]
	case reflect.Uint32, reflect.Uint64:
		return unsigned[r.Intn(3)]
	case reflect.Ptr:
		return t
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 && r.Intn(3) == 0 {
			return reflect.ArrayOf(r.Intn(4), otherType(r, t.Elem()))
		}
	}
	return t
}

// A type with some of the fields of message, in another order and of other types, and with others.
func variant(r *rand.Rand, message reflect.Type) reflect.Type {
	fields := []reflect.StructField{}
	for i := 0; i < message.NumField(); i++ {
		if r.Intn(3) > 0 {
			field := reflect.StructField{Name: message.Field(i).Name, Tag: message.Field(i).Tag, Type: message.Field(i).Type}
			// Go always sends an array, so that it is no member of a union.
			if field.Tag == "" {
				field.Type = otherType(r, field.Type)
			}
			fields = append(fields, field)
		}
	}
	for n := r.Intn(5); n > 0; n-- {
		fields = append(fields, reflect.StructField{Name: fmt.Sprint("Other", n), Type: randomType(r, typeDepth)})
	}
	if len(fields) == 0 {
		fields = append(fields, reflect.StructField{Name: "Only", Type: basics[0]})
	}
	r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	return reflect.StructOf(fields)
}

// project sets to what the message says of a value of its variant.
func project(from, to reflect.Value) {
	switch {
	case from.Type() == to.Type():
		to.Set(from)
	case from.Kind() == reflect.Array:
		to.Set(reflect.MakeSlice(to.Type(), from.Len(), from.Len()))
		for i := 0; i < from.Len(); i++ {
			project(from.Index(i), to.Index(i))
		}
	case from.Kind() == reflect.Struct && from.Type() != reflect.TypeOf(time.Time{}):
		for i := 0; i < from.NumField(); i++ {
			if field := to.FieldByName(from.Type().Field(i).Name); field.IsValid() {
				project(from.Field(i), field)
			}
		}
	default:
		to.Set(from.Convert(to.Type()))
	}
}
