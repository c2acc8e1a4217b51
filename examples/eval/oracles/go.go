// Declarations of a folder of Go, by the package go/ast.
//
// Prints file, line of the name, kind and name with tabs between, and for each file that it could parse
// one line of kind `file`. Run as `go run go.go DIR`.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	root := os.Args[1]
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != root && strings.HasPrefix(entry.Name(), ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		shown, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			// What the parser of the language refuses is not compared.
			return nil
		}
		printer := printer{out, filepath.ToSlash(shown), files}
		fmt.Fprintf(out, "%s\t1\tfile\t%s\n", printer.file, printer.file)
		ast.Inspect(file, printer.visit)
		return nil
	})
	if err != nil {
		out.Flush()
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type printer struct {
	out   *bufio.Writer
	file  string
	files *token.FileSet
}

func (p printer) print(kind string, name *ast.Ident) {
	// Directives `//line` say where else the text comes from; the place in this file counts.
	line := p.files.PositionFor(name.Pos(), false).Line
	fmt.Fprintf(p.out, "%s\t%d\t%s\t%s\n", p.file, line, kind, name.Name)
}

// visit prints what a node declares.
func (p printer) visit(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.FuncDecl:
		p.print("function", node.Name)
	case *ast.TypeSpec:
		// A type that is called `_` is known to nobody.
		if node.Name.Name == "_" {
			return true
		}
		switch node.Type.(type) {
		case *ast.StructType, *ast.InterfaceType:
			// Another name of a type is no type of its own, but what it names has its methods here.
			if !node.Assign.IsValid() {
				p.print("type", node.Name)
			}
			p.members(node.Type)
		}
	}
	return true
}

// members prints the methods of an interface that is declared, or that a field of a declared structure has.
func (p printer) members(ty ast.Expr) {
	switch ty := ty.(type) {
	case *ast.InterfaceType:
		for _, method := range ty.Methods.List {
			if _, isMethod := method.Type.(*ast.FuncType); isMethod {
				for _, name := range method.Names {
					p.print("function", name)
				}
			}
		}
	case *ast.StructType:
		for _, field := range ty.Fields.List {
			if len(field.Names) > 0 {
				p.members(field.Type)
			}
		}
	case *ast.StarExpr:
		p.members(ty.X)
	case *ast.ParenExpr:
		p.members(ty.X)
	case *ast.ArrayType:
		p.members(ty.Elt)
	case *ast.MapType:
		p.members(ty.Value)
	case *ast.ChanType:
		p.members(ty.Value)
	}
}
