// Wright
