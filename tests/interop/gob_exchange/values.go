package main

import (
	"math"
	"math/rand"
	"reflect"
	"time"
)

var timeType = reflect.TypeOf(time.Time{})

// fill sets v to a random value; edges are likely. Below depth 0 nothing is nested.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	if v.Type() == timeType {
		v.Set(reflect.ValueOf(randomTime(r)))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.Intn(2) == 1)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(bits(r)) >> (64 - v.Type().Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(bits(r) >> (64 - v.Type().Bits()))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(randomFloat(r, v.Type().Bits()))
	case reflect.Complex64, reflect.Complex128:
		v.SetComplex(complex(float64(r.Intn(9)), randomFloat(r, 32)))
	case reflect.String:
		v.SetString(randomText(r))
	case reflect.Ptr:
		if depth > 0 && r.Intn(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem(), depth-1)
		}
	case reflect.Interface:
		if depth > 0 && r.Intn(3) > 0 {
			inner := reflect.New(reflect.TypeOf(registered[r.Intn(len(registered))])).Elem()
			fill(r, inner, depth-1)
			v.Set(inner)
		}
	case reflect.Slice:
		if depth > 0 {
			v.Set(reflect.MakeSlice(v.Type(), r.Intn(5), 9))
			fillElements(r, v, depth)
		}
	case reflect.Array:
		fillElements(r, v, depth)
	case reflect.Map:
		if depth > 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for n := r.Intn(4); n > 0; n-- {
				key := reflect.New(v.Type().Key()).Elem()
				fill(r, key, 1)
				value := reflect.New(v.Type().Elem()).Elem()
				fill(r, value, depth-1)
				v.SetMapIndex(key, value)
			}
		}
	case reflect.Struct:
		fillStruct(r, v, depth)
	default:
		panic(v.Type().String())
	}
}

func fillElements(r *rand.Rand, v reflect.Value, depth int) {
	for i := 0; i < v.Len(); i++ {
		fill(r, v.Index(i), depth-1)
	}
}

// Of a union at most one member is set.
func fillStruct(r *rand.Rand, v reflect.Value, depth int) {
	members := map[string][]int{}
	for i := 0; i < v.NumField(); i++ {
		if union := v.Type().Field(i).Tag.Get("union"); union != "" {
			members[union] = append(members[union], i)
		}
	}
	chosen := map[string]int{}
	for i := 0; i < v.NumField(); i++ {
		union := v.Type().Field(i).Tag.Get("union")
		if union == "" {
			fill(r, v.Field(i), depth-1)
			continue
		}
		if _, known := chosen[union]; !known {
			chosen[union] = r.Intn(len(members[union]) + 1)
		}
		if at := chosen[union]; at < len(members[union]) && members[union][at] == i {
			fill(r, v.Field(i), depth-1)
		}
	}
}

// A number of random length, its high bits set.
func bits(r *rand.Rand) uint64 {
	switch r.Intn(8) {
	case 0:
		return 0
	case 1:
		return math.MaxUint64
	case 2:
		return 1 << 63
	case 3:
		return math.MaxInt64
	}
	return r.Uint64() >> 1 << uint(r.Intn(60)+1)
}

func randomFloat(r *rand.Rand, size int) float64 {
	switch r.Intn(6) {
	case 0:
		return float64(r.Intn(100))
	case 1:
		return [...]float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN()}[r.Intn(5)]
	}
	if size == 32 {
		if f := math.Float32frombits(r.Uint32()); f == f {
			return float64(f)
		}
		return 0.5
	}
	return math.Float64frombits(r.Uint64())
}

func randomText(r *rand.Rand) string {
	text := make([]byte, r.Intn(20))
	for i := range text {
		text[i] = "aZ0 \"\\\n\x00é😀"[r.Intn(14)]
	}
	return string(text)
}

// Within the range of 64 bits of nanoseconds, in zones of whole minutes and others; or none.
func randomTime(r *rand.Rand) time.Time {
	switch r.Intn(8) {
	case 0:
		return time.Time{}
	case 1:
		return time.Unix(0, math.MinInt64+r.Int63n(9)).UTC()
	case 2:
		return time.Unix(0, math.MaxInt64-r.Int63n(9)).UTC()
	}
	t := time.Unix(0, int64(r.Uint64()))
	switch r.Intn(3) {
	case 0:
		return t.In(time.FixedZone("east", r.Intn(720)*60))
	case 1:
		return t.In(time.FixedZone("west", -3600-r.Intn(40000)))
	}
	return t.UTC()
}

// same says whether got is what becomes of sent on a way through gob and Tern. Not told apart: nil
// and empty; a pointer to zero and none, since gob leaves both out; minus zero and zero, likewise;
// Go's zero time and 1970.
func same(sent, got reflect.Value) bool {
	if sent.Type() == timeType {
		s, g := sent.Interface().(time.Time), got.Interface().(time.Time)
		return s.Equal(g) || s.IsZero() && g.Equal(time.Unix(0, 0))
	}
	switch sent.Kind() {
	case reflect.Float32, reflect.Float64:
		s, g := sent.Float(), got.Float()
		return s == g || math.Float64bits(s) == math.Float64bits(g)
	case reflect.Ptr:
		if sent.IsNil() {
			return got.IsNil()
		}
		if got.IsNil() {
			elem := sent.Elem()
			switch elem.Kind() {
			case reflect.Slice, reflect.Map:
				return elem.Len() == 0
			case reflect.Struct:
				return elem.Type() == timeType && elem.Interface().(time.Time).IsZero()
			case reflect.Float32, reflect.Float64:
				return elem.Float() == 0
			}
			return elem.IsZero()
		}
		return same(sent.Elem(), got.Elem())
	case reflect.Slice, reflect.Array:
		if sent.Len() != got.Len() {
			return false
		}
		for i := 0; i < sent.Len(); i++ {
			if !same(sent.Index(i), got.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		if sent.Len() != got.Len() {
			return false
		}
		for _, key := range sent.MapKeys() {
			value := got.MapIndex(key)
			if !value.IsValid() || !same(sent.MapIndex(key), value) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := 0; i < sent.NumField(); i++ {
			if !same(sent.Field(i), got.Field(i)) {
				return false
			}
		}
		return true
	}
	return sent.Interface() == got.Interface()
}
