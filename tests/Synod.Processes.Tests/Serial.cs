// Every test here has the machine to itself: it measures times and starts several processes.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
