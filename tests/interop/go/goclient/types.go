package main

import "interop/services"

// checkTypes sends what differs from the server's types as gob and JSON let it differ.
func checkTypes(c *checks, dial func() caller) {
	client := dial()
	defer client.Close()
	multiply := func(name string, args interface{}, expected int) {
		var product int
		err := client.Call("Arith.Multiply", args, &product)
		c.that(name, err == nil && product == expected, product, err)
	}

	multiply("small integers", struct {
		A int8
		B int16
	}{-7, 8}, -56)
	multiply("a field that is missing", struct{ A int }{7}, 0)
	multiply("fields in another order", struct{ B, A int }{8, 7}, 56)
	a, b := 7, 8
	multiply("pointers", struct{ A, B *int }{&a, &b}, 56)
	type Inner struct {
		Names  []string
		Scores map[string][]float64
		Next   *services.Args
	}
	multiply("fields that the server lacks", struct {
		Before Inner
		A      int
		Middle [3]bool
		B      int
		After  interface{}
	}{Inner{[]string{"x"}, map[string][]float64{"y": {1, 2.5}}, &services.Args{A: 1}}, 7,
		[3]bool{true}, 8, nil}, 56)

	var small int8
	err := client.Call("Arith.Multiply", services.Args{A: -7, B: 8}, &small)
	c.that("a reply of another size", err == nil && small == -56, small, err)
	var part struct{ Rem int64 }
	err = client.Call("Arith.Divide", services.Args{A: 17, B: 5}, &part)
	c.that("a reply of which a field is wanted", err == nil && part.Rem == 2, part, err)
	var whole *services.Quotient
	err = client.Call("Arith.Divide", services.Args{A: 17, B: 5}, &whole)
	c.that("a reply that is made anew", err == nil && whole != nil && whole.Quo == 3, whole, err)

	const most = int64(^uint64(0) >> 1)
	var big int64
	err = client.Call("Arith.Multiply", struct{ A, B int64 }{most, -1}, &big)
	c.that("the largest integers", err == nil && big == -most, big, err)
	err = client.Call("Arith.Multiply", struct{ A, B uint64 }{1 << 63, 1}, &big)
	c.that("an integer that does not fit fails", err != nil, big)
	multiply("the connection lives after it", services.Args{A: 7, B: 8}, 56)
}
