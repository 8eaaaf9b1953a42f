# early-exit; ; leaves with status 0 before anything is asked
import sys
sys.exit(0)
