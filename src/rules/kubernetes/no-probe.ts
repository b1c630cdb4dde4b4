import { rule } from '../../rule.js'
import { sinceWhen } from '../../units.js'

export default rule({
  id: 'kubernetes/no-probe',
  title: 'Container has neither a readiness nor a liveness probe',
  why: 'Kubernetes counts the container as ready the moment it starts and never restarts it when it hangs.',
  fix: 'Add a readinessProbe, so that requests wait until it answers, and a livenessProbe where a restart would help.',
  severity: 'warning',
  topic: 'health',
  preset: 'recommended',
  over: 'repo',
  peers: {
    'kube-linter': ['no-readiness-probe', 'no-liveness-probe'],
    'checkov-kubernetes': ['CKV_K8S_9', 'CKV_K8S_8']
  },

  *check(repo) {
    for (const unit of repo.units) {
      const { kind, at, health, why, advice } = unit
      if (kind !== 'workload') continue
      if (health === 'no') yield { at, message: `${why}${sinceWhen(repo, unit)}` }
      else if (advice) yield { at, message: advice, severity: 'note' }
    }
  },

  bad: {
    'deploy/shop.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: web
          image: registry.example.com/shop:1.4.2
          ports:
            - containerPort: 8080
`
  },
  good: {
    'deploy/shop.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: web
          image: registry.example.com/shop:1.4.2
          ports:
            - containerPort: 8080
          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
          livenessProbe:
            httpGet: { path: /alive, port: 8080 }
`
  }
})
