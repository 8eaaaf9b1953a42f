# verdict; alive time; an output that takes a checker all its time, and options in place of file names
import sys
sys.stdout.write('1 ' * 400000)
