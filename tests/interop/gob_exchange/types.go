package main

import "time"

// The messages of tests/idl/everything.rpc as a Go program would declare them. Fields with the same
// tag are members of one union.

type Color int32

type Scalars struct {
	Flag  bool
	I32   int32
	I64   int64
	U32   uint32
	U64   uint64
	F32   float32
	F64   float64
	Text  string
	Blob  []byte
	At    time.Time
	Lasts time.Duration
	Color Color
}

type Optionals struct {
	Flag    *bool
	I32     *int32
	I64     *int64
	U32     *uint32
	U64     *uint64
	F32     *float32
	F64     *float64
	Text    *string
	Blob    *[]byte
	At      *time.Time
	Lasts   *time.Duration
	Color   *Color
	Scalars *Scalars
	Numbers *[]int64
	Names   *map[string]string
}

type Lists struct {
	Flags   []bool
	I32s    []int32
	I64s    []int64
	U32s    []uint32
	U64s    []uint64
	F32s    []float32
	F64s    []float64
	Texts   []string
	Blobs   [][]byte
	Times   []time.Time
	Spans   []time.Duration
	Colors  []Color
	Structs []Scalars
	Matrix  [][]int32
	Cube    [][][]string
	Tables  []map[string]int32
}

type Maps struct {
	By_bool   map[bool]string
	By_i32    map[int32]string
	By_i64    map[int64]string
	By_u32    map[uint32]string
	By_u64    map[uint64]string
	By_string map[string]float64
	Blobs     map[string][]byte
	Colors    map[string]Color
	Structs   map[string]Scalars
	Lists     map[string][]int64
	Deep      map[int32]map[string][]Color
	Times     map[string]time.Time
}

type Renamed struct {
	UserName string
	ID       int32
	Old      string
	Given    string
}

type Circle struct{ Radius float64 }
type Square struct{ Side float64 }
type Point struct{ X, Y float64 }

type Shape struct {
	Name         string
	Circle       *Circle `union:"body"`
	Square       *Square `union:"body"`
	Fill         Color
	Plain        string            `union:"label"`
	Polygon      []Point           `union:"body"`
	Path         string            `union:"body"`
	Sides        int32             `union:"body"`
	Colored      Color             `union:"label"`
	Translated   map[string]string `union:"label"`
	Also_colored Color             `union:"label"`
	Raw          []byte            `union:"label"`
}

type Tree struct {
	Label    string
	Left     *Tree
	Right    *Tree
	Children []Tree
	Named    map[string]Tree
	Grouped  map[int32][]Tree
}

type Husband struct {
	Name string
	Wife *Wife
}
type Wife struct {
	Name    string
	Husband *Husband
}

type Folder struct {
	Name    string
	Entries []Entry
}
type Entry struct {
	Folder *Folder `union:"content"`
	File   []byte  `union:"content"`
	Link   *Folder
}

// In the order that the other program has them.
var messages = []interface{}{Scalars{}, Optionals{}, Lists{}, Maps{}, Renamed{}, Shape{}, Tree{}, Husband{}, Folder{}}
